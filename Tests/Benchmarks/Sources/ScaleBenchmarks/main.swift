// How the work of containers, reservations and the scheduler grows. Prints exponents and never a
// time. With an argument only the scheduler's, up to so many jobs.

internal import BenchmarkKit

let jobCountMax = CommandLine.arguments.dropFirst().first.flatMap { Int($0) }
if jobCountMax == nil {
  print(Growth.heading)
  Subject.measureAll { print($0.row(expected: $1)) }
}
#if Bare
  print("jobs through scheduler and device: not measured without the seam")
#else
  JobLoad.measure(upTo: jobCountMax ?? 100_000)
#endif
