import { Button, type ButtonProps } from "@mantine/core";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { LibraryFile } from "../library/library-file.ts";

const PictureDialog = lazy(async () => ({ default: (await import("./picture-dialog.tsx")).PictureDialog }));

interface ChoosePictureProps extends Pick<ButtonProps, "size" | "leftSection"> {
  readonly children: ReactNode;
  /** Whether videos can be chosen as well. */
  readonly isForVideos?: boolean;
  readonly onChoose: (file: LibraryFile) => void;
}

/** A button that opens the library, in which a picture can be chosen. */
export function ChoosePicture({ onChoose, isForVideos = false, ...button }: ChoosePictureProps) {
  const [isChoosing, setChoosing] = useState(false);
  return (
    <>
      <Button {...button} variant="default" onClick={() => setChoosing(true)} />
      <Suspense>
        {isChoosing && (
          <PictureDialog isForVideos={isForVideos} onChoose={onChoose} onClose={() => setChoosing(false)} />
        )}
      </Suspense>
    </>
  );
}
