enum FencesPlaceholder {}
