/* @asset
description: How many trips begin in each hour of each weekday
checks:
  - not_null: [weekday, hour, num_trips]
  - unique: [weekday, hour]
  - rows: { min: 168, max: 168 }
chart:
  - type: heat
    x: hour
    y: weekday
    value: num_trips
    unit: trips
    title: When taxi trips begin
  - type: line
    from: |
      select hour, if(weekday in ('Saturday', 'Sunday'), 'weekend', 'weekday') as days, avg(num_trips) as num_trips
      from hourly_pattern
      group by all
      order by all
    x: hour
    y: num_trips
    color: days
    title: Trips begun in an hour, on an average weekday and weekend day
    caption: Weekdays have two rush hours, the evening's the higher; weekends sleep in and stay out past midnight.
*/

-- The days and hours come first and the trips are joined to them, so that an hour without trips is there with 0.

select
  dayname(date '2023-01-01' + day::integer) as weekday, -- 2023-01-01 was a Sunday
  hour::integer as hour,
  coalesce(num_trips, 0) as num_trips
from range(7) as days(day)
cross join range(24) as hours(hour)
left join (
  select dayofweek(pickup_datetime) as day, hour(pickup_datetime) as hour, count(*) as num_trips
  from taxi_trips
  group by all
) using (day, hour)
order by day, hour
