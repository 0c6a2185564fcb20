// biome-ignore lint/suspicious/noExplicitAny: what a use case takes besides and answers is its own affair
type UseCase = (needs: any, ...others: any[]) => unknown;

/** The needs of a use case, its first argument. The use case's route is given the same needs. */
export type NeedsOf<Called extends UseCase> = Parameters<Called>[0];
