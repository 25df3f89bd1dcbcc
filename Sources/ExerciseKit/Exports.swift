// An exercise needs one import: everything a driver is written in comes with it. Those about files
// and buffers also import `SyncObjects` and `Reservations`: one name there is a driver's, too.
@_exported public import Drivers
@_exported public import Explorer
@_exported public import Fences
@_exported public import Hardware
@_exported public import Kernel
@_exported public import Machine
