enum LessonDemosPlaceholder {}
