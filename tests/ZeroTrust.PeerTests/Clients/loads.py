"""One call and what it looks like, or calls until standard input ends and how many were lost."""
import sys
import threading
import time


def tell(status, text):
    print(f"{status} {text}"[:600].replace("\n", " "), flush=True)


def run(mode, call):
    if mode == "once":
        try:
            tell(*call())
        except Exception as error:
            tell(type(error).__name__, error)
        return
    stopped = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stopped.set()), daemon=True).start()
    served, lost, first = 0, 0, ""
    while not stopped.is_set():
        try:
            status, text = call()
            if status not in (200, "OK"):
                raise RuntimeError(f"{status} {text}")
            served += 1
            if served == 1:
                print("running", flush=True)
        except Exception as error:
            lost += 1
            first = first or f"{type(error).__name__} {error}"
        time.sleep(0.005)
    print(f"served {served} lost {lost} {first}"[:600].replace("\n", " "), flush=True)
