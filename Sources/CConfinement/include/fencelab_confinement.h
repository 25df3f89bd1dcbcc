// What a child that runs somebody else's code takes from itself before it does.
#ifndef FENCELAB_CONFINEMENT_H
#define FENCELAB_CONFINEMENT_H

/// Refuses, from here on and for good, what a scenario never needs: other processes, sockets, files
/// to write, signals to others, and changes to the system.
///
/// A refused call ends the process with SIGSYS and one line on standard error.
/// Returns 0, or -1 where the kernel has no filters.
int fl_confine_system_calls(void);

/// Names a stack overflow on standard error before it ends the process; on coroutines, too.
void fl_report_stack_overflow(void);

/// Ends this process when the thread that started it is gone.
void fl_end_with_parent(void);

/// Begins the line that a refused call leaves on standard error.
#define FL_CONFINED_MARK "refused: "
/// The line that a stack overflow leaves on standard error.
#define FL_OVERFLOW_MARK "stack overflow"

#endif
