"""What a drawing shows in, where each thing stands on it out."""
