/** The rows of a view: those of the folders come first. All rows of a kind have one height, in pixels. */
export interface RowSizes {
  readonly folderRows: number;
  readonly folderHeight: number;
  readonly fileRows: number;
  readonly fileHeight: number;
}

export function heightOf({ folderRows, folderHeight, fileRows, fileHeight }: RowSizes): number {
  return folderRows * folderHeight + fileRows * fileHeight;
}

/** The place at which a row begins. */
export function topOf(row: number, { folderRows, folderHeight, fileHeight }: RowSizes): number {
  return Math.min(row, folderRows) * folderHeight + Math.max(0, row - folderRows) * fileHeight;
}

/** The row at a place. */
export function rowAt(top: number, sizes: RowSizes): number {
  const { folderRows, folderHeight, fileRows, fileHeight } = sizes;
  const filesTop = folderRows * folderHeight;
  const row = top < filesTop ? top / folderHeight : folderRows + (top - filesTop) / fileHeight;
  return Math.max(0, Math.min(folderRows + fileRows - 1, Math.floor(row)));
}
