"""期初导入: a county's own workbook of running projects, read sheet by sheet into acts that an officer signs."""
