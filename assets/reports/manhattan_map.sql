/* @asset
description: Where in Manhattan taxi trips begin, as a map
materialized: view
chart: { type: map, geometry: geometry, value: num_trips, label: zone, title: Taxi trips by zone }
*/

-- A view keeps no rows of its own: it is this query over what `manhattan_stats` has.

select zone, num_trips, geometry
from manhattan_stats
