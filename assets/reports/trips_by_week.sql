/* @asset
description: Trips, takings, miles and passengers of each week, Sunday to Saturday
partitions: { weekly: { weekStart: sunday } }
lookahead: 1
columns:
  period: { type: date, description: The Sunday on which the week begins }
  num_trips: { type: bigint, description: Trips that began in the week }
  total_amount: { type: "decimal(18, 2)", description: Dollars paid }
  trip_distance: { type: "decimal(18, 2)", description: "Miles, as the meters tell them" }
  passenger_count: { type: bigint, description: "Passengers, as far as drivers noted them" }
checks:
  - not_null: [period, num_trips, total_amount, trip_distance, passenger_count]
  - unique: [period]
  - rows: { min: 1, max: 1 }
  - range: { column: num_trips, min: 1 }
    severity: warn
chart:
  type: line
  x: period
  y: num_trips
  title: Taxi trips per week
  caption: Each point is a week, placed at its Sunday.
export: [exports/trips_by_week.csv]
*/

-- No start and no end: there is a week for each that begins in the months of `taxi_trips`, with a row of its own
-- even where nobody drove. Each is made from the months that it touches, and, by `lookahead`, from the month after:
-- that is where trips are found that were filed late.

select
  $partition_start::date as period,
  count(*) as num_trips,
  coalesce(sum(total_amount), 0)::decimal(18, 2) as total_amount,
  coalesce(sum(trip_distance), 0)::decimal(18, 2) as trip_distance,
  coalesce(sum(passenger_count), 0)::bigint as passenger_count
from taxi_trips
where pickup_datetime >= $partition_start and pickup_datetime < $partition_end
-- One row needs no order, but all the weeks together do: ordered partitions are read one after another.
order by period
