/* @asset
description: How people pay, and what they tip
checks:
  - not_null: [payment, num_trips, total_amount, tip_amount]
  - unique: [payment]
chart:
  type: bar
  x: payment
  y: num_trips
  title: Taxi trips by way of paying
  caption: Only tips over a card are known to the meter; what is handed over in cash it never sees.
*/

-- `payment_types` is a file beside taxi_trips.sql: a CSV in `assets/` is a table of its name.

select
  coalesce(payment, 'Not recorded') as payment,
  count(*) as num_trips,
  coalesce(sum(total_amount), 0)::decimal(18, 2) as total_amount,
  coalesce(sum(tip_amount), 0)::decimal(18, 2) as tip_amount,
  -- In per cent of the fares; only tips that went over a card are known to the meter.
  round(100 * sum(tip_amount) / nullif(sum(fare_amount), 0), 1) as tip_share
from taxi_trips
left join payment_types using (payment_type)
group by all
order by num_trips desc, payment
