/* @asset
description: Every taxi trip, one partition per month, the same columns whatever the file had
partitions: monthly
checks:
  # What fails here keeps the month from being published; the last good version stays.
  - not_null: [service, pickup_datetime, dropoff_datetime, pickup_zone_id, dropoff_zone_id]
  - rows: { min: 1 }
  # Known faults of the published data are kept and told, but stop nothing.
  - range: { column: trip_distance, min: 0, max: 200 }
    severity: warn
  - range: { column: total_amount, min: 0, max: 5000 }
    severity: warn
  - not_null: [passenger_count]
    severity: warn
  - accepted_values: { column: payment_type, values: [0, 1, 2, 3, 4, 5, 6] }
    severity: warn
  - relationships: { column: pickup_zone_id, to: taxi_zones, field: zone_id }
    severity: warn
metadata:
  # A number told with each month, in `nycflow show taxi_trips` and in its history.
  stray_trips: |
    count(*) filter (where pickup_datetime < $partition_start or pickup_datetime >= $partition_end)
*/

-- A month is the month of the file: `$partition_start` and `$partition_end` say which. A trip whose meter says
-- another month (a broken clock, or filed late) is a stray: it is kept all the same, and counted above.
--
-- The TLC's files differ: yellow cabs write tpep_, green ones lpep_; a column is a whole number in one month and
-- a fraction in the next; fees come and go. So the file is laid over a template without rows that has every
-- column we may meet: UNION ALL BY NAME fills what a file lacks with null (upper and lower case do not matter),
-- and the casts below give each column the one type that it has here.

select
  if(tpep_pickup_datetime is null, 'green', 'yellow') as service,
  $partition_start::date as file_month,
  VendorID::integer as vendor_id,
  coalesce(tpep_pickup_datetime::timestamp, lpep_pickup_datetime::timestamp) as pickup_datetime,
  coalesce(tpep_dropoff_datetime::timestamp, lpep_dropoff_datetime::timestamp) as dropoff_datetime,
  PULocationID::integer as pickup_zone_id,
  DOLocationID::integer as dropoff_zone_id,
  RatecodeID::integer as rate_code_id,
  payment_type::integer as payment_type,
  passenger_count::integer as passenger_count,
  -- Exact decimals: a sum of them is the same in whatever order it is made, a sum of doubles is not.
  trip_distance::decimal(18, 2) as trip_distance,
  fare_amount::decimal(18, 2) as fare_amount,
  tip_amount::decimal(18, 2) as tip_amount,
  tolls_amount::decimal(18, 2) as tolls_amount,
  congestion_surcharge::decimal(18, 2) as congestion_surcharge,
  airport_fee::decimal(18, 2) as airport_fee,
  cbd_congestion_fee::decimal(18, 2) as cbd_congestion_fee,
  total_amount::decimal(18, 2) as total_amount
from (
  select
    null::timestamp as tpep_pickup_datetime,
    null::timestamp as tpep_dropoff_datetime,
    null::timestamp as lpep_pickup_datetime,
    null::timestamp as lpep_dropoff_datetime,
    null::double as congestion_surcharge,
    null::double as airport_fee,
    null::double as cbd_congestion_fee
  where false
  union all by name
  from taxi_trips_file
)
