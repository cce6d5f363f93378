/* @asset
description: Peanut cookies, out of the dough that is there already
chart: { type: bar, x: dough, y: cookies, title: Peanut cookies on the plate }
*/
-- A file whose name begins with _ is no asset. Rename it to peanut_cookies.sql, and it is one.
select
  'peanut' as dough,
  floor((sum(grams) + 300) / 30)::integer as cookies
from cookie_dough
