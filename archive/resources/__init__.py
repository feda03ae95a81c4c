"""What a page is shown with: its images, styles, fonts and scripts, found in its markup without running anything.

`finding` and `styles` say what a page needs, `gathering` asks for it, `neutral` puts a page and what is held of it into
one file that asks nobody for anything.
"""
