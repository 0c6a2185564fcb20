import { useRef } from "react";

/** Sends the changes of a view one after the other, so that the answer that comes last is the newest. */
export function useTurns(): <Result>(change: () => Promise<Result>) => Promise<Result> {
  const last = useRef<Promise<unknown>>(Promise.resolve());
  return (change) => {
    const turn = last.current.then(change, change);
    last.current = turn;
    return turn;
  };
}
