export type Operator = "=" | "NOT =" | ":" | "<" | "<=" | ">" | ">=" | "IN" | "NOT IN";

export type Value = string | number | boolean;
