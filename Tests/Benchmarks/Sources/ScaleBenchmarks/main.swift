// How the work of containers and reservations grows. Prints exponents and never a time.

internal import BenchmarkKit

print(Growth.heading)
for (growth, expected) in Subject.all() { print(growth.row(expected: expected)) }
