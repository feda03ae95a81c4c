"""(pure) The links of a body: what each one means as browsers read it, and which are sources of the story."""
