// @ts-check
// Where somebody was: the element in focus with its cursor or selection, to be given back exactly.

export class Origin {
  constructor() {
    this.element = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    const field = textField(this.element);
    this.cursor = field && { start: field.selectionStart, end: field.selectionEnd, direction: field.selectionDirection };
    const selection = getSelection();
    this.range = !field && selection?.rangeCount ? selection.getRangeAt(0).cloneRange() : null;
  }

  giveBack() {
    const { element, cursor, range } = this;
    const there = element?.isConnected ? element : document.getElementById(element?.id || "-"); // it may have been renewed
    if (!there || there === document.body) {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      return;
    }
    there.focus({ preventScroll: true });
    const field = textField(there);
    if (field && cursor) field.setSelectionRange(cursor.start, cursor.end, cursor.direction ?? "none");
    if (range && !range.collapsed && range.startContainer.isConnected) {
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
    }
  }
}

/** A field that has a cursor. @param {Element | null} element */
function textField(element) {
  const isText = element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement;
  return isText && element.selectionStart !== null ? element : null;
}
