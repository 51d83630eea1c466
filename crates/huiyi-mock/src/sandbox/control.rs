//! Actions that no API has: users join and leave, time passes.

use std::time::Duration;

use serde_json::json;

use crate::dialect::{Call, text};
use crate::http::Response;
use crate::sandbox::Impossible;
use crate::sandbox::meeting::Stage;
use crate::state::State;

/// Answers a request to `/_sandbox`; returns `None` for all others, and if there is no sandbox.
pub(crate) fn answer(call: &Call<'_>, state: &mut State) -> Option<Response> {
    let path = call.request.path.strip_prefix("/_sandbox")?;
    state.world.as_ref()?;
    let body = call.request.json().unwrap_or_default();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let done = match (call.request.method.as_str(), segments.as_slice()) {
        ("GET", []) => Ok(()),
        ("POST", ["address"]) => {
            if let Some(world) = &mut state.world {
                world.address = body["url"].as_str().map(str::to_owned);
            }
            Ok(())
        }
        ("POST", ["advance"]) => match body["seconds"].as_u64() {
            Some(seconds) => {
                let clock = state.clock;
                if let Some(world) = &mut state.world {
                    world.advance(clock, Duration::from_secs(seconds));
                }
                Ok(())
            }
            None => Err(Impossible { status: 400, reason: "`seconds` is missing or not a number".to_owned() }),
        },
        ("POST", ["meetings", meeting, action]) => act(state, meeting, action, text(&body, "user")),
        _ => Err(Impossible { status: 404, reason: "the sandbox cannot do this".to_owned() }),
    };
    Some(match (done, &state.world) {
        (Ok(()), Some(world)) => Response::json(200, &world.shown(state.clock)),
        (Ok(()), None) => return None,
        (Err(Impossible { status, reason }), _) => Response::json(status, &json!({"error": reason})),
    })
}

/// Carries out an action on a meeting.
pub(crate) fn act(state: &mut State, name: &str, action: &str, user: &str) -> Result<(), Impossible> {
    let impossible = |status, reason: String| Err(Impossible { status, reason });
    let Some(world) = &mut state.world else { return impossible(404, "there is no sandbox".to_owned()) };
    let (clock, now) = (state.clock, world.now(state.clock));
    let memory = &mut world.memory;
    let Some(index) = memory.find(name) else { return impossible(404, format!("there is no meeting {name}")) };
    if user.is_empty() && matches!(action, "join" | "leave") {
        return impossible(400, "`user` is missing".to_owned());
    }
    let done = match action {
        "join" => memory.join(index, user, now).map(|()| true),
        "leave" => memory.leave(index, user, now),
        "end" => memory.end(index, now).map(|()| true),
        "record" => Ok(memory.finish_recording(index)),
        other => return impossible(404, format!("the sandbox has no action {other}")),
    };
    world.publish(clock);
    match done {
        Ok(true) => Ok(()),
        Ok(false) if action == "leave" => impossible(409, format!("{user} is not in the meeting {name}")),
        Ok(false) => impossible(409, format!("the meeting {name} has no recording that is being processed")),
        Err(stage) => {
            let state = match stage {
                Stage::Booked => "has not begun",
                Stage::Running => "is running",
                Stage::Ended => "has ended",
                Stage::Cancelled => "was cancelled",
            };
            impossible(409, format!("the meeting {name} {state}"))
        }
    }
}
