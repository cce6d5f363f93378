/* @asset
description: What people tip over a card, in per cent of the bill
checks:
  - not_null: [tip, num_trips]
  - unique: [tip]
chart:
  type: bar
  x: tip
  y: num_trips
  limit: 8
  title: Tips over a card, in per cent of the bill
  caption: The screen in the back of the cab offers some of them at a touch.
*/

select if(percent = 0, 'no tip', percent || ' %') as tip, count(*) as num_trips
from (
  select round(100 * tip_amount / (total_amount - tip_amount))::integer as percent
  from taxi_trips
  where payment_type = 1 and tip_amount >= 0 and total_amount > tip_amount
)
group by percent
order by num_trips desc, percent
