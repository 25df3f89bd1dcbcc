/// # Nothing to do
import ExerciseKit

public let nothing = 0
