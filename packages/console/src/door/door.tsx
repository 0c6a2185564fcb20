import { Center, Loader, Stack, Text } from "@mantine/core";
import { Fragment, type ReactNode, useEffect, useRef, useState } from "react";
import { asProblem, type Problem } from "../api/problem.ts";
import { LateWords } from "../shell/late-words.tsx";
import { ProblemState } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { signIn, useFoundSession, userOf } from "./session.ts";
import { SignIn } from "./sign-in.tsx";
import { takeLink } from "./take-link.ts";

/** Shows what is inside to whoever has a session, and the sign-in form to everybody else. */
export function Door({ children }: { readonly children: ReactNode }) {
  const { data: session, error, refetch } = useFoundSession();
  const link = useLink();
  const wasIn = useRef(false);
  wasIn.current ||= Boolean(session);
  if (link.isOpening) return <Waiting words={texts.door.opening} />;
  // Nothing that a view keeps is seen by the next user.
  if (session) return <Fragment key={userOf(session)}>{children}</Fragment>;
  if (session === null)
    return <SignIn key={link.problem?.requestId} refused={link.problem} wasSignedOut={wasIn.current} />;
  if (error) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  return <Waiting words={texts.shell.loading} />;
}

/** Exchanges the one-time link in the address, if there is one, for a session. */
function useLink(): { readonly isOpening: boolean; readonly problem: Problem | undefined } {
  const [link, setLink] = useState(takeLink);
  const [problem, setProblem] = useState<Problem>();
  const sent = useRef<string>(undefined);
  useEffect(() => {
    // A link that is pasted into an open page changes the fragment alone, which loads nothing.
    const onHashChange = (): void => setLink(takeLink());
    addEventListener("hashchange", onHashChange);
    return () => removeEventListener("hashchange", onHashChange);
  }, []);
  useEffect(() => {
    // A link works once, so it must not be sent twice.
    if (link === undefined || sent.current === link) return;
    sent.current = link;
    signIn({ link })
      .catch((error: unknown) => setProblem(asProblem(error)))
      .finally(() => setLink(undefined));
  }, [link]);
  return { isOpening: link !== undefined, problem };
}

function Waiting({ words }: { readonly words: string }) {
  return (
    <Center component="main" h="100%">
      <Stack align="center" gap="sm" px="md" ta="center" role="status">
        <Loader aria-hidden />
        <Text c="dimmed">{words}</Text>
        <LateWords />
      </Stack>
    </Center>
  );
}
