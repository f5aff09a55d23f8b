/** Median, least and greatest. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], least: sorted[0], greatest: sorted.at(-1) };
}

/** Median, 99th percentile and greatest of times. */
export function percentiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share => sorted[Math.floor(share * (sorted.length - 1))];
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) };
}
