"""English dates as Dutch readers mean them: the day first and the month in words, and a clock of 24 hours.

Django's own English is American: a Dutch reader takes 12/01 for the twelfth of January. Names are Django's.
"""

from typing import Final

DATE_FORMAT: Final = "j F Y"
TIME_FORMAT: Final = "H:i"
DATETIME_FORMAT: Final = "j F Y, H:i"
SHORT_DATE_FORMAT: Final = "j F Y"
SHORT_DATETIME_FORMAT: Final = "j F Y, H:i"
MONTH_DAY_FORMAT: Final = "j F"
YEAR_MONTH_FORMAT: Final = "F Y"
