"""What can be wrong between the files of a service: facts, questions, sentences, letters, examples."""
