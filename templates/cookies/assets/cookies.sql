/* @asset
description: Baked; too hot an oven burns them, and burnt cookies are not served
config: { oven: 180 }
checks:
  - holds: state <> 'burnt'
chart: { type: bar, x: dough, y: cookies, title: Cookies on the plate }
*/
select
  'chocolate chip' as dough,
  floor(sum(grams) / 30)::integer as cookies,
  if($config.oven > 220, 'burnt', 'golden') as state
from chocolate_chip_dough
