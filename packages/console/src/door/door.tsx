import { Button, Center, Group, Loader, Stack, Text } from "@mantine/core";
import { Fragment, type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { asProblem, type Problem } from "../api/problem.ts";
import { queries, sessionKey } from "../api/queries.ts";
import { LateWords } from "../shell/late-words.tsx";
import { ProblemState, State } from "../shell/states.tsx";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { type Session, signIn, useFoundSession, userOf } from "./session.ts";
import { SignIn } from "./sign-in.tsx";
import { takeLink } from "./take-link.ts";

/** Shows what is inside to whoever has a session, and the sign-in form to everybody else. */
export function Door({ children }: { readonly children: ReactNode }) {
  const { data: session, error, refetch } = useFoundSession();
  const link = useLink(session);
  const wasIn = useRef(false);
  wasIn.current ||= Boolean(session);
  if (link.isOpening) return <Waiting words={texts.door.opening} />;
  if (session && link.isAsking) return <OtherSession session={session} onOpen={link.open} onStay={link.drop} />;
  // Nothing that a view keeps is seen by the next user.
  if (session) return <Fragment key={userOf(session)}>{children}</Fragment>;
  if (session === null)
    return <SignIn key={link.problem?.requestId} refused={link.problem} wasSignedOut={wasIn.current} />;
  if (error) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  return <Waiting words={texts.shell.loading} />;
}

interface OpenedLink {
  readonly isOpening: boolean;
  /** Whether somebody has to say first that the link takes the place of the session. */
  readonly isAsking: boolean;
  readonly problem: Problem | undefined;
  readonly open: () => void;
  readonly drop: () => void;
}

/**
 * Exchanges the one-time link in the address, if there is one, for a session. Any page can open the console with a link
 * of its own, and have somebody upload into its account. So a link ends the session of before only if its user agrees.
 * @param session null without one; undefined while that is not known yet
 */
function useLink(session: Session | null | undefined): OpenedLink {
  const [link, setLink] = useState(takeLink);
  /** The link that is being sent. It works once, so it must not be sent twice. */
  const [sent, setSent] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    // A link that is pasted into an open page changes the fragment alone, which loads nothing.
    const onHashChange = (): void => setLink((before) => takeLink() ?? before);
    addEventListener("hashchange", onHashChange);
    return () => removeEventListener("hashchange", onHashChange);
  }, []);
  const isNew = link !== undefined && link !== sent;
  const open = useCallback(() => {
    if (link === undefined) return;
    setSent(link);
    signIn({ link })
      .catch((error: unknown) => {
        setProblem(asProblem(error));
        if (queries.getQueryData(sessionKey)) tellProblem(error);
      })
      .finally(() => {
        const end = (now: string | undefined) => (now === link ? undefined : now);
        setLink(end);
        setSent(end);
      });
  }, [link]);
  useEffect(() => {
    if (isNew && session === null) open();
  }, [isNew, session, open]);
  return {
    isOpening: link !== undefined && (!isNew || session === null),
    isAsking: isNew,
    problem,
    open,
    drop: () => setLink(undefined),
  };
}

interface OtherSessionProps {
  readonly session: Session;
  readonly onOpen: () => void;
  readonly onStay: () => void;
}

/** Asks whether a link takes the place of the session. The button that changes nothing has the focus. */
function OtherSession({ session, onOpen, onStay }: OtherSessionProps) {
  const words = texts.door.otherSession;
  return (
    <Center component="main" h="100%">
      <State title={words.title(session.account.imagekitId)} help={words.help}>
        <Group mt="sm">
          <Button variant="default" onClick={onStay} autoFocus>
            {words.stay}
          </Button>
          <Button onClick={onOpen}>{words.open}</Button>
        </Group>
      </State>
    </Center>
  );
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
