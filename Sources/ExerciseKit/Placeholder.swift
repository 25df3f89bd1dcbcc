enum ExerciseKitPlaceholder {}
