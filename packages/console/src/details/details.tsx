import { ActionIcon, Button, CloseButton, Group, Menu, Text, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  Copy,
  Download,
  Ellipsis,
  ExternalLink,
  Eye,
  EyeOff,
  FileArchive,
  Images,
  PencilLine,
  Trash2,
  Wand2,
} from "lucide-react";
import { useDeferredValue, useEffect, useRef } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { choiceOf } from "../library/choice.ts";
import { downloadItems } from "../library/download-zip.ts";
import { here, kindOf, type LibraryFile } from "../library/library-file.ts";
import type { LibraryState } from "../library/library-state.ts";
import type { OpenDialog } from "../library/open-dialog.ts";
import { publishFiles } from "../library/publish-files.ts";
import { isOpen, usePreviewLink } from "../previews/preview-links.ts";
import { Busy } from "../shell/busy.tsx";
import { ProblemState } from "../shell/states.tsx";
import { useFocusBack } from "../shell/use-focus-back.ts";
import { texts } from "../texts/texts.ts";
import { About } from "./about.tsx";
import { CustomMetadata } from "./custom-metadata.tsx";
import { Description } from "./description.tsx";
import styles from "./details.module.css";
import { FocusArea } from "./focus-area.tsx";
import { Preview } from "./preview.tsx";
import { Snippets } from "./snippets.tsx";
import { Tags } from "./tags.tsx";
import { Versions } from "./versions.tsx";

interface DetailsProps {
  readonly fileId: string;
  /** The file as the list knows it, so that there is something to see at once. */
  readonly known: LibraryFile | undefined;
  readonly mayChange: boolean;
  readonly onClose: () => void;
  readonly onDialog: (dialog: OpenDialog) => void;
  readonly onChange: (change: Partial<Record<keyof LibraryState, string | undefined>>) => void;
}

const words = texts.details;

/** Everything about one file, beside the list; on a narrow screen in front of it. */
export function Details({ fileId, known, mayChange, onClose, onDialog, onChange }: DetailsProps) {
  const {
    data: file = known,
    error,
    refetch,
  } = useQuery({
    queryKey: ["file", fileId],
    queryFn: async ({ signal }) =>
      (await call("GET /v1/files/:fileId/details", { parameters: { fileId } }, signal)).body,
    ...(known && { initialData: known, initialDataUpdatedAt: 0 }),
  });
  const isNarrow = useMediaQuery("(max-width: 60rem)") === true;
  const panel = useRef<HTMLElement>(null);
  // On a narrow screen the panel covers the list, so the keyboard has to come along, and to go back.
  useFocusBack();
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);

  // The panel answers the click at once, and its forms follow.
  const hasForms = useDeferredValue(true, false);
  const problem = error && asProblem(error);
  return (
    <aside
      ref={panel}
      className={styles.panel}
      aria-label={words.title}
      tabIndex={-1}
      data-narrow={isNarrow || undefined}
    >
      <header className={styles.head}>
        <Title order={2} size="h5" className={styles.title} title={file?.name}>
          {file?.name ?? words.title}
        </Title>
        {file && <Actions file={file} mayChange={mayChange} onDialog={onDialog} onChange={onChange} />}
        <CloseButton aria-label={words.close} onClick={onClose} />
      </header>
      {problem?.status === 404 ? (
        <Text p="md" c="dimmed">
          {words.gone}
        </Text>
      ) : problem && file === undefined ? (
        <ProblemState level={2} problem={problem} onAgain={() => void refetch()} />
      ) : file === undefined ? (
        <Busy size="md" />
      ) : (
        <div className={styles.body}>
          <Preview file={file} />
          {hasForms && (
            <>
              <Snippets key={String(file.isPrivateFile)} file={file} mayChange={mayChange} />
              <Tags file={file} mayChange={mayChange} />
              <Description file={file} mayChange={mayChange} />
              <CustomMetadata file={file} mayChange={mayChange} />
              <FocusArea file={file} mayChange={mayChange} />
              <About file={file} />
              <Versions file={file} mayChange={mayChange} />
            </>
          )}
        </div>
      )}
    </aside>
  );
}

type ActionsProps = Pick<DetailsProps, "mayChange" | "onDialog" | "onChange"> & { readonly file: LibraryFile };

function Actions({ file, mayChange, onDialog, onChange }: ActionsProps) {
  const link = usePreviewLink(isOpen(file) ? undefined : file.versionInfo.id);
  const address = isOpen(file) ? here(file.url) : link;
  const search = { q: undefined, everywhere: undefined, file: undefined };
  return (
    <Group gap={4} wrap="nowrap">
      {typeof address === "string" && (
        <Button
          component="a"
          href={address}
          target="_blank"
          rel="noreferrer"
          size="compact-sm"
          variant="subtle"
          leftSection={<ExternalLink size={15} />}
        >
          {words.open}
        </Button>
      )}
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="subtle" aria-label={texts.selection.more}>
            <Ellipsis size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isOpen(file) && (
            <Menu.Item
              component="a"
              href={`${address}&ik-attachment=true`}
              download={file.name}
              leftSection={<Download size={16} />}
            >
              {words.download}
            </Menu.Item>
          )}
          {(mayChange || isOpen(file)) && (
            <Menu.Item leftSection={<FileArchive size={16} />} onClick={() => void downloadItems(choiceOf([file]))}>
              {texts.zip.one}
            </Menu.Item>
          )}
          {mayChange && (
            <>
              <Menu.Item
                leftSection={<PencilLine size={16} />}
                onClick={() => onDialog({ kind: "rename", item: file })}
              >
                {words.rename}
              </Menu.Item>
              <Menu.Item
                leftSection={file.isPublished ? <EyeOff size={16} /> : <Eye size={16} />}
                onClick={() => void publishFiles(choiceOf([file]), !file.isPublished)}
              >
                {file.isPublished ? words.unpublish : words.publish}
              </Menu.Item>
            </>
          )}
          {(file.fileType === "image" || (kindOf(file) === "video" && file.videoCodec !== undefined)) && (
            <Menu.Item
              component={Link}
              to="/playground"
              search={{ file: file.fileId } as never}
              leftSection={<Wand2 size={16} />}
            >
              {words.transform}
            </Menu.Item>
          )}
          {file.fileType === "image" && (
            <Menu.Item
              leftSection={<Images size={16} />}
              onClick={() => onChange({ ...search, duplicates: undefined, similar: file.fileId })}
            >
              {words.similar}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<Copy size={16} />}
            onClick={() => onChange({ ...search, similar: undefined, duplicates: file.fileId })}
          >
            {words.duplicates}
          </Menu.Item>
          {mayChange && (
            <Menu.Item
              color="red"
              leftSection={<Trash2 size={16} />}
              onClick={() => onDialog({ kind: "delete", choice: choiceOf([file]) })}
            >
              {texts.selection.delete}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
