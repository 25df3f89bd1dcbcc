// A file of scenarios needs one import: everything a driver is written in comes with it.
@_exported public import Drivers
@_exported public import Explorer
@_exported public import Fences
@_exported public import Hardware
@_exported public import Kernel
@_exported public import Machine
