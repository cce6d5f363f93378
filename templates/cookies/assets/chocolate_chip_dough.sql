/* @asset
description: The same dough, with chocolate
*/
select ingredient, grams from cookie_dough
union all
select 'chocolate chips', 340
