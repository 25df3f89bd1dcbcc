#include "fencelab_machine.h"
