"""The pages: what the desk answers, made a context for a template. One frozen dataclass a page says what it shows."""
