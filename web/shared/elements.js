/** Makes an element; properties are set as they are, children may be text. Nothing is ever read as HTML. */
export function element(name, properties = {}, ...children) {
  const { role, ...rest } = properties;
  const made = Object.assign(document.createElement(name), rest);
  if (role) {
    made.setAttribute('role', role);
  }
  made.append(...children);
  return made;
}

export function panel(title, ...children) {
  return element('section', { className: 'panel' }, element('h2', {}, title), ...children);
}

export function field(label, name, properties, hint) {
  const note = hint ? [element('small', {}, hint)] : [];
  return element('label', {}, label, element('input', { name, required: true, ...properties }), ...note);
}

/** A button that is out of order while what it does is under way. */
export function button(text, onPress, className = '') {
  const made = element('button', { type: 'button', className }, text);
  made.addEventListener('click', () => busy(made, onPress));
  return made;
}

/** A form that hands its fields over as an object. */
export function form(submitText, onSubmit, ...fields) {
  const submit = element('button', { className: 'main' }, submitText);
  const made = element('form', {}, ...fields, submit);
  made.addEventListener('submit', event => {
    event.preventDefault();
    busy(submit, () => onSubmit(Object.fromEntries(new FormData(made))));
  });
  return made;
}

async function busy(control, action) {
  control.disabled = true;
  try {
    await action();
  } finally {
    control.disabled = false;
  }
}
