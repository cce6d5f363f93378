/* @asset
description: How many trips began in each taxi zone of Manhattan
checks:
  - not_null: [zone, borough, geometry, num_trips]
  - unique: [zone]
  - rows: { min: 1 }
  - accepted_values: { column: borough, values: [Manhattan] }
export: [exports/manhattan_stats.geojson]
*/

-- Not partitioned, so it is made from all the months there are. Trips are counted before they are joined: the
-- outlines are long, and a join row by row would carry one along with every trip.

select zone, borough, geometry, coalesce(num_trips, 0) as num_trips
from taxi_zones
left join (
  select pickup_zone_id as zone_id, count(*) as num_trips
  from taxi_trips
  group by all
) using (zone_id)
where borough = 'Manhattan'
order by num_trips desc, zone
