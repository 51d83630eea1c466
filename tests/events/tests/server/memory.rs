//! Ten thousand deliveries at once.

use super::*;

/// Returns the resident memory of this process in bytes.
fn memory() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[tokio::test]
async fn ten_thousand_deliveries_at_once_keep_the_memory_bounded() {
    let (world, _begun) = world();
    world.gate.try_acquire().unwrap().forget();
    let endpoint = world.endpoint(receivers::feishu(Arc::clone(&world.clock), Ticket::default()), 500);
    let sender = Sender::new(Vendor::Feishu);
    let answers: Vec<_> = (0..10_000)
        .map(|number| {
            let (sender, endpoint) = (sender.clone(), endpoint.clone());
            // The request is made in the task, so refused ones take no memory.
            tokio::spawn(async move {
                let message = sender.message(&number.to_string()).replace("周会", &"x".repeat(4_000));
                endpoint.answer(&sender.delivery(message).request()).await.status().as_u16()
            })
        })
        .collect();
    // No task has run yet, but their memory is already allocated.
    let before = memory();
    // Let the tasks run: refused ones end, the others wait for the gate.
    while world.incidents.lock().unwrap().len() < 9_500 {
        tokio::task::yield_now().await;
    }
    let grown = memory().saturating_sub(before);
    world.gate.add_permits(1);
    endpoint.drained().await;

    let mut statuses = Vec::new();
    for answer in answers {
        statuses.push(answer.await.unwrap());
    }
    let count = |status| statuses.iter().filter(|other| **other == status).count();
    assert_eq!((count(200), count(503), world.handled()), (500, 9_500, 500));
    println!("grown by {} KiB", grown / 1024);
    // Ten thousand events in hand would take more than 200 MiB. Other tests of this program run at the same time.
    assert!(grown < 64 << 20, "{grown}");
}
