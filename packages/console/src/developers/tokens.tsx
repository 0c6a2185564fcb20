import { useState } from "react";
import type { TokenAtHand } from "./token-at-hand.ts";
import { TokenBuilder } from "./token-builder.tsx";
import { TokenCheck } from "./token-check.tsx";

/** The token workbench: what is wrong with a token, and how a backend makes one. */
export function Tokens() {
  const [made, setMade] = useState<TokenAtHand>();
  return (
    <>
      <TokenCheck key={made?.token} given={made} />
      <TokenBuilder onMade={setMade} />
    </>
  );
}
