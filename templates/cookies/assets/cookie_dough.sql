/* @asset
description: Dry and wet, mixed; what it stands on is read from the query
checks:
  - unique: [ingredient]
  - holds: grams > 0
  - rows: { min: 5 }
*/
select ingredient, grams from dry_ingredients
union all
select ingredient, grams from wet_ingredients
