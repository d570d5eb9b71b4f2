"""Prints the first block of code in a language from a section of a page: block.py FILE SECTION LANGUAGE."""

import re
import sys

file, section, language = sys.argv[1:]
with open(file) as page:
    parts = re.split(r"^## (.+)$", page.read(), flags=re.MULTILINE)
text = dict(zip(parts[1::2], parts[2::2]))[section]
found = re.search(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
if not found:
    sys.exit(f"there is no {language} in {section} of {file}")
print(found[1], end="")
