// A filter of system calls, and a signal handler that can tell a stack overflow from other faults.
// The filter lists what is refused, not what is allowed: the runtime's own needs change with each
// release, and the list of ways to reach another process, the network or a file is short.
#define _GNU_SOURCE
#include "fencelab_confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#endif

// Newer than the headers of some systems whose kernel may have them; one number everywhere.
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
#ifndef SYS_setxattrat
#define SYS_setxattrat 463
#endif
#ifndef SYS_removexattrat
#define SYS_removexattrat 466
#endif
#ifndef SYS_file_setattr
#define SYS_file_setattr 469
#endif

/// What a refused call was after; travels in the signal's si_errno.
enum purpose { A_PROCESS = 1, THE_NETWORK, A_FILE, A_SIGNAL, THE_SYSTEM };

static const char *const words[] = {
    [A_PROCESS] = FL_CONFINED_MARK "another process\n",
    [THE_NETWORK] = FL_CONFINED_MARK "the network\n",
    [A_FILE] = FL_CONFINED_MARK "a change to files\n",
    [A_SIGNAL] = FL_CONFINED_MARK "a signal to another process\n",
    [THE_SYSTEM] = FL_CONFINED_MARK "a change to the system\n",
};

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define LOW(index) (offsetof(struct seccomp_data, args) + 8 * (index))
#define LOAD_LOW(index) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW(index))
#define LOAD_HIGH(index) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOW(index) + 4)
#define REFUSE(purpose) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP | (purpose))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define FAIL(number) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (number))
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (skip))
#define UNLESS_ANY(bits, skip) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), 0, (skip))

/// Refuses a call whatever its arguments are.
#define NEVER(call, purpose) UNLESS(SYS_##call, 1), REFUSE(purpose)
/// Tells the caller that the kernel is too old for this call, so that it uses the older one.
#define UNKNOWN(call) UNLESS(SYS_##call, 1), FAIL(ENOSYS)
/// Refuses a call unless its first argument is `value`.
#define ONLY_FOR(call, value, purpose) \
    UNLESS(SYS_##call, 4), LOAD_LOW(0), UNLESS((value), 1), ALLOW, REFUSE(purpose)
/// Refuses a call if its argument is `value`.
#define NOT_WITH(call, index, value, purpose) \
    UNLESS(SYS_##call, 4), LOAD_LOW(index), UNLESS((value), 1), REFUSE(purpose), LOAD(nr)
/// Refuses to open for anything but reading.
#define ONLY_READING(call, index) \
    UNLESS(SYS_##call, 4), LOAD_LOW(index), \
        UNLESS_ANY(O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 1), REFUSE(A_FILE), ALLOW

static void say(const char *text) {
    // Whoever closed standard error gets no explanation.
    (void)!write(STDERR_FILENO, text, strlen(text));
}

static void on_refusal(int number, siginfo_t *info, void *context) {
    (void)context;
    int purpose = info->si_errno;
    say(words[purpose >= A_PROCESS && purpose <= THE_SYSTEM ? purpose : THE_SYSTEM]);
    // Blocked until this handler returns; then it ends the process.
    signal(number, SIG_DFL);
    raise(number);
}

static void handle(int number, void (*handler)(int, siginfo_t *, void *)) {
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    if (number != SIGSYS)
        action.sa_flags |= (int)SA_RESETHAND;
    sigaction(number, &action, NULL);
}

int fl_confine_system_calls(void) {
    uint32_t self = (uint32_t)getpid();
    struct sock_filter rules[] = {
        LOAD(arch),
        UNLESS(NATIVE_ARCH, 1),
        BPF_STMT(BPF_JMP | BPF_JA, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
#if defined(__x86_64__)
        // The x32 calls: the same kernel functions under other numbers.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        NEVER(fork, A_PROCESS), NEVER(vfork, A_PROCESS),
        NEVER(creat, A_FILE), NEVER(unlink, A_FILE), NEVER(rename, A_FILE), NEVER(mkdir, A_FILE),
        NEVER(rmdir, A_FILE), NEVER(link, A_FILE), NEVER(symlink, A_FILE), NEVER(chmod, A_FILE),
        NEVER(chown, A_FILE), NEVER(lchown, A_FILE), NEVER(mknod, A_FILE), NEVER(utime, A_FILE),
        NEVER(utimes, A_FILE), NEVER(futimesat, A_FILE),
        NEVER(iopl, THE_SYSTEM), NEVER(ioperm, THE_SYSTEM),
        ONLY_READING(open, 1),
#endif
#if defined(SYS_renameat)
        NEVER(renameat, A_FILE),
#endif
        NEVER(execve, A_PROCESS), NEVER(execveat, A_PROCESS), NEVER(ptrace, A_PROCESS),
        NEVER(process_vm_writev, A_PROCESS), NEVER(pidfd_open, A_PROCESS),
        NEVER(pidfd_getfd, A_PROCESS), NEVER(setsid, A_PROCESS), NEVER(setpgid, A_PROCESS),
        NEVER(unshare, A_PROCESS), NEVER(setns, A_PROCESS),
        NEVER(io_uring_setup, THE_SYSTEM), NEVER(userfaultfd, THE_SYSTEM),
        UNKNOWN(clone3), UNKNOWN(openat2),
        // A thread is no process.
        UNLESS(SYS_clone, 4), LOAD_LOW(0), UNLESS_ANY(CLONE_THREAD, 1), ALLOW, REFUSE(A_PROCESS),
        ONLY_FOR(process_vm_readv, self, A_PROCESS),

        NEVER(socket, THE_NETWORK), NEVER(socketpair, THE_NETWORK), NEVER(connect, THE_NETWORK),
        NEVER(bind, THE_NETWORK),

        ONLY_READING(openat, 2),
        NEVER(open_by_handle_at, A_FILE), NEVER(unlinkat, A_FILE), NEVER(renameat2, A_FILE),
        NEVER(mkdirat, A_FILE), NEVER(linkat, A_FILE), NEVER(symlinkat, A_FILE),
        NEVER(fchmod, A_FILE), NEVER(fchmodat, A_FILE), NEVER(fchown, A_FILE),
        NEVER(fchownat, A_FILE), NEVER(truncate, A_FILE), NEVER(ftruncate, A_FILE),
        NEVER(fallocate, A_FILE), NEVER(mknodat, A_FILE), NEVER(utimensat, A_FILE),
        NEVER(setxattr, A_FILE), NEVER(lsetxattr, A_FILE), NEVER(fsetxattr, A_FILE),
        NEVER(removexattr, A_FILE), NEVER(lremovexattr, A_FILE), NEVER(fremovexattr, A_FILE),
        NEVER(memfd_create, A_FILE), NEVER(shmget, A_FILE), NEVER(mq_open, A_FILE),
        NEVER(msgget, A_FILE), NEVER(semget, A_FILE), NEVER(fchmodat2, A_FILE),
        NEVER(setxattrat, A_FILE), NEVER(removexattrat, A_FILE), NEVER(file_setattr, A_FILE),

        ONLY_FOR(kill, self, A_SIGNAL), ONLY_FOR(tkill, self, A_SIGNAL),
        ONLY_FOR(tgkill, self, A_SIGNAL), NEVER(pidfd_send_signal, A_SIGNAL),
        NEVER(rt_sigqueueinfo, A_SIGNAL), NEVER(rt_tgsigqueueinfo, A_SIGNAL),
        NOT_WITH(fcntl, 1, F_SETOWN, A_SIGNAL), NOT_WITH(fcntl, 1, F_SETOWN_EX, A_SIGNAL),
        NOT_WITH(fcntl, 1, F_SETSIG, A_SIGNAL), NOT_WITH(prctl, 0, PR_SET_PDEATHSIG, A_SIGNAL),

        NEVER(mount, THE_SYSTEM), NEVER(umount2, THE_SYSTEM), NEVER(pivot_root, THE_SYSTEM),
        NEVER(chroot, THE_SYSTEM), NEVER(bpf, THE_SYSTEM), NEVER(perf_event_open, THE_SYSTEM),
        NEVER(keyctl, THE_SYSTEM), NEVER(add_key, THE_SYSTEM), NEVER(setrlimit, THE_SYSTEM),
        NEVER(setpriority, THE_SYSTEM), NEVER(sched_setscheduler, THE_SYSTEM),
        NEVER(sched_setattr, THE_SYSTEM), NEVER(sched_setparam, THE_SYSTEM),
        NEVER(sched_setaffinity, THE_SYSTEM), NEVER(ioprio_set, THE_SYSTEM),
        NEVER(reboot, THE_SYSTEM), NEVER(swapon, THE_SYSTEM),
        NEVER(swapoff, THE_SYSTEM), NEVER(init_module, THE_SYSTEM),
        NEVER(finit_module, THE_SYSTEM), NEVER(delete_module, THE_SYSTEM),
        NEVER(kexec_load, THE_SYSTEM), NEVER(sethostname, THE_SYSTEM),
        NEVER(settimeofday, THE_SYSTEM), NEVER(clock_settime, THE_SYSTEM),
        NEVER(adjtimex, THE_SYSTEM), NEVER(clock_adjtime, THE_SYSTEM), NEVER(acct, THE_SYSTEM),
        // Limits may be read, not set.
        UNLESS(SYS_prlimit64, 6), LOAD_LOW(2), UNLESS(0, 3), LOAD_HIGH(2), UNLESS(0, 1), ALLOW,
        REFUSE(THE_SYSTEM),
        ALLOW,
    };
    struct sock_fprog program = {.len = sizeof rules / sizeof rules[0], .filter = rules};
    handle(SIGSYS, on_refusal);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) ? -1 : 0;
}

static void on_fault(int number, siginfo_t *info, void *context) {
    (void)number;
    ucontext_t *at = context;
#if defined(__x86_64__)
    uintptr_t stack = (uintptr_t)at->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    uintptr_t stack = (uintptr_t)at->uc_mcontext.sp;
#endif
    uintptr_t address = (uintptr_t)info->si_addr;
    uintptr_t distance = address > stack ? address - stack : stack - address;
    // A frame of this size would have stepped over the guard page.
    if (distance < 64 * 1024)
        say(FL_OVERFLOW_MARK "\n");
    // The handler is gone now: the faulting instruction runs again and ends the process.
}

void fl_report_stack_overflow(void) {
    size_t bytes = 64 * 1024;
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return;
    stack_t stack = {.ss_sp = memory, .ss_size = bytes};
    sigaltstack(&stack, NULL);
    handle(SIGSEGV, on_fault);
    handle(SIGBUS, on_fault);
}

void fl_end_with_parent(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}
