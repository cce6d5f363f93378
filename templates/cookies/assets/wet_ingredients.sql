/* @asset
description: Butter, vanilla, and the eggs
checks:
  - not_null: [ingredient, grams]
*/
select 'butter' as ingredient, 225 as grams
union all select 'vanilla', 8
union all select ingredient, grams from eggs
