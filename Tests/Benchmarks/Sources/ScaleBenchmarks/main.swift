// How the work of containers and reservations grows. Prints exponents and never a time.

internal import BenchmarkKit

print(Growth.heading)
Subject.measureAll { print($0.row(expected: $1)) }
