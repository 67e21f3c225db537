"""Rules in plain words, English and Spanish: conditions, rules, statements, and what two versions part."""
