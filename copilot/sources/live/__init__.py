"""A call as it is spoken: the microphone, and the sound of the softphone."""
