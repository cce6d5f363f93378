/* @asset
description: Where in Manhattan taxi trips begin, as a map
materialized: view
chart:
  type: map
  geometry: geometry
  value: num_trips
  label: zone
  unit: trips
  rotate: -29 # the avenues then run straight up
  title: Where taxi trips begin
  caption: Turned so that the avenues run straight up.
*/

-- A view keeps no rows of its own: it is this query over what `manhattan_stats` has.

select zone, num_trips, geometry
from manhattan_stats
