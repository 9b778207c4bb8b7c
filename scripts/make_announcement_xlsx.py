"""Write the published projects as a workbook laid out like the announcements.

Usage: make_announcement_xlsx.py FILE.xlsx
"""

import sys
from pathlib import Path

from shanhai.data.announcement import write_announcement

if __name__ == "__main__":
    write_announcement(Path(sys.argv[1]))
    print(sys.argv[1])
