import { Button, Group, Text, Textarea, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { useMayChange } from "../door/session.ts";
import { kindOf, type LibraryFile } from "../library/library-file.ts";
import { MakeNamed } from "../settings/make-named.tsx";
import { Busy } from "../shell/busy.tsx";
import { ProblemState, State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { ChoosePicture } from "./choose-picture.tsx";
import { MediumContext } from "./medium-context.ts";
import { PictureStep, useStepActs } from "./picture-step.tsx";
import styles from "./playground-page.module.css";
import { Results } from "./results.tsx";
import { type Step, stepsIn, textOf } from "./steps.ts";
import { TrimField } from "./trim-field.tsx";
import { VideoResults } from "./video-results.tsx";
import { trimOf, withTrim } from "./video-text.ts";

const words = texts.playground;
/** A change of a control asks for a new picture once the controls have rested for this time. */
const restMs = 350;

/** Tries out transformations on one picture or video. The text and the controls follow each other. */
export function PlaygroundPage() {
  const { file: fileId, tr = "w-640" } = useSearch({ strict: false }) as {
    readonly file?: string;
    readonly tr?: string;
  };
  const {
    data: file,
    error,
    refetch,
  } = useQuery({
    queryKey: ["file", fileId],
    enabled: fileId !== undefined,
    queryFn: async ({ signal }) =>
      (await call("GET /v1/files/:fileId/details", { parameters: { fileId: String(fileId) } }, signal)).body,
  });
  if (fileId === undefined) {
    return (
      <State title={words.choose} help={words.chooseHelp}>
        <OpenFile />
      </State>
    );
  }
  if (error) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  if (file === undefined) return <Busy size="md" />;
  if (file.isPrivateFile || !file.isPublished) {
    return (
      <State title={words.notPublic} help={words.notPublicHelp}>
        <OpenFile />
      </State>
    );
  }
  return <Playground key={file.fileId} file={file} text={tr} />;
}

/** Opens the playground with a picture or a video of the library. */
function OpenFile() {
  const navigate = useNavigate();
  const choose = ({ fileId }: LibraryFile) =>
    void navigate({ to: "/playground", search: ((before: object) => ({ ...before, file: fileId })) as never });
  return (
    <ChoosePicture size="compact-sm" isForVideos onChoose={choose}>
      {words.chooseFile}
    </ChoosePicture>
  );
}

function Playground({ file, text }: { readonly file: LibraryFile; readonly text: string }) {
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const [typed, setTyped] = useState(text);
  const [isSaving, setSaving] = useState(false);
  const list = useId();
  const [settled] = useDebouncedValue(typed, restMs);
  const steps = stepsIn(typed);
  const setSteps = (next: readonly Step[]) => setTyped(textOf(next));
  const acts = useStepActs(steps, setSteps);
  const add = (added: string) => setTyped([typed, added].filter((part) => part !== "").join(":"));
  const isVideo = kindOf(file) === "video";
  const Shown = isVideo ? VideoResults : Results;
  const { duration } = file;
  const trim = isVideo && duration !== undefined ? trimOf(steps, duration) : undefined;
  useEffect(() => {
    void navigate({ to: "/playground", search: { file: file.fileId, tr: settled } as never, replace: true });
  }, [navigate, file.fileId, settled]);

  return (
    <div className={styles.page}>
      <Shown file={file} text={settled} isSettled={settled === typed}>
        <MediumContext value={isVideo ? "video" : "picture"}>
          <div className={styles.side}>
            <Title order={1} size="h4">
              {words.title}
            </Title>
            <Group justify="space-between" gap="xs">
              <Text size="sm" c="dimmed">
                {file.name}
              </Text>
              <OpenFile />
            </Group>
            <Textarea
              label={words.text}
              description={words.textHelp}
              value={typed}
              onChange={({ currentTarget }) => setTyped(currentTarget.value.replace(/\s/g, ""))}
              autosize
              spellCheck={false}
              classNames={{ input: styles.text ?? "" }}
            />
            {trim && duration !== undefined && (
              <TrimField
                duration={duration}
                trim={trim}
                onChange={(next) => setSteps(withTrim(steps, next, duration))}
              />
            )}
            {steps.map((step, index) => (
              <PictureStep
                // biome-ignore lint/suspicious/noArrayIndexKey: a step has no name but its place
                key={index}
                index={index}
                isOnly={steps.length === 1}
                isLast={index === steps.length - 1}
                list={list}
                step={step}
                acts={acts}
              />
            ))}
            <Group gap="xs">
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<Plus size={16} />}
                onClick={() => add(`w-${file.width ?? 400}`)}
              >
                {words.addStep}
              </Button>
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<Plus size={16} />}
                onClick={() => add("if-w_gt_500,w-500,if-else,w-200,if-end")}
              >
                {words.addCondition}
              </Button>
              {mayChange && (
                <Button variant="default" size="compact-sm" onClick={() => setSaving(true)} disabled={typed === ""}>
                  {words.save}
                </Button>
              )}
            </Group>
          </div>
        </MediumContext>
      </Shown>
      {isSaving && <MakeNamed transformation={typed} onClose={() => setSaving(false)} />}
    </div>
  );
}
