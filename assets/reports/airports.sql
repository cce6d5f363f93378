/* @asset
description: How long a cab takes to the airports, by the hour in which the ride begins
checks:
  - not_null: [airport, hour, num_trips]
  - unique: [airport, hour]
  - rows: { min: 48, max: 48 }
chart:
  - type: line
    x: hour
    y: minutes
    color: airport
    unit: minutes
    title: To the airport
    caption: The median ride. Leave before six, or allow for the Van Wyck.
  - type: bar
    from: select airport, sum(num_trips) as num_trips from airports group by all order by num_trips desc
    x: airport
    y: num_trips
    title: Rides to the airports
*/

-- Newark is in another state, and few take a cab there: too few for a median in each hour.
-- An hour in which nobody went has no minutes; the line then has a gap, and no zero.

select airport, hour::integer as hour, count(minutes) as num_trips, median(minutes) as minutes
from (values (132, 'JFK'), (138, 'LaGuardia')) as airports(zone_id, airport)
cross join range(24) as hours(hour)
left join (
  select
    dropoff_zone_id as zone_id,
    hour(pickup_datetime) as hour,
    date_diff('second', pickup_datetime, dropoff_datetime) / 60 as minutes
  from taxi_trips
  where
    pickup_zone_id not in (132, 138)
    -- Some meters run on over night, or tell of a ride that ends before it begins.
    and dropoff_datetime between pickup_datetime and pickup_datetime + interval 4 hours
) using (zone_id, hour)
group by all
order by all
