-- What wrk measured, as figures: a name, a tab and a number. Latencies are in microseconds.
function done(summary, latency, requests)
  local errors = summary.errors
  print("requests\t" .. summary.requests)
  print("seconds\t" .. summary.duration / 1e6)
  print("p50\t" .. latency:percentile(50))
  print("p99\t" .. latency:percentile(99))
  print("p99.9\t" .. latency:percentile(99.9))
  print("errors\t" .. errors.connect + errors.read + errors.write + errors.status + errors.timeout)
end
