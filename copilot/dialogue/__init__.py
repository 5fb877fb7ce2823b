"""Lines to acts: what each line does in the talk, and who has the floor."""
