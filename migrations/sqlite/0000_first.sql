CREATE TABLE `abandoned_draws` (
	`battle_id` text NOT NULL,
	`turn` integer NOT NULL,
	`side` text NOT NULL,
	`model_id` text NOT NULL,
	`at` integer NOT NULL,
	`reason` text NOT NULL,
	`attempts` integer NOT NULL,
	PRIMARY KEY(`battle_id`, `turn`, `side`, `model_id`, `at`),
	FOREIGN KEY (`battle_id`) REFERENCES `battles`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`model_id`) REFERENCES `models`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "abandoned_draws_side_known" CHECK("abandoned_draws"."side" in ('a', 'b'))
);
--> statement-breakpoint
CREATE TABLE `battle_turns` (
	`battle_id` text NOT NULL,
	`turn` integer NOT NULL,
	`generation` integer NOT NULL,
	`prompt` text NOT NULL,
	`status` text NOT NULL,
	`failure` text,
	`node_id` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`battle_id`, `turn`, `generation`),
	FOREIGN KEY (`battle_id`) REFERENCES `battles`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "battle_turns_status_known" CHECK("battle_turns"."status" in ('streaming', 'ready', 'failed', 'interrupted'))
);
--> statement-breakpoint
CREATE TABLE `battles` (
	`id` text PRIMARY KEY NOT NULL,
	`arena` text NOT NULL,
	`kind` text NOT NULL,
	`voter_id` text NOT NULL,
	`model_a` text NOT NULL,
	`model_b` text NOT NULL,
	`status` text NOT NULL,
	`language` text NOT NULL,
	`categories` text NOT NULL,
	`identity_leaked` integer NOT NULL,
	`turn` integer NOT NULL,
	`generation` integer NOT NULL,
	`node_id` text NOT NULL,
	`prompt_id` text,
	`answer_a` text,
	`answer_b` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`voter_id`) REFERENCES `voters`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`model_a`) REFERENCES `models`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`model_b`) REFERENCES `models`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`prompt_id`) REFERENCES `prompts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`answer_a`) REFERENCES `prepared_answers`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`answer_b`) REFERENCES `prepared_answers`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "battles_status_known" CHECK("battles"."status" in ('streaming', 'ready', 'failed', 'interrupted')),
	CONSTRAINT "battles_two_models" CHECK("battles"."model_a" <> "battles"."model_b")
);
--> statement-breakpoint
CREATE INDEX `battles_voter_created_index` ON `battles` (`voter_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `battles_streaming_index` ON `battles` (`node_id`) WHERE "battles"."status" = 'streaming';--> statement-breakpoint
CREATE TABLE `generated_answers` (
	`battle_id` text NOT NULL,
	`turn` integer NOT NULL,
	`generation` integer NOT NULL,
	`side` text NOT NULL,
	`id` text NOT NULL,
	`model_id` text NOT NULL,
	`text` text NOT NULL,
	`reasoning` text NOT NULL,
	`finish` text NOT NULL,
	`prompt_tokens` integer,
	`completion_tokens` integer,
	`first_token_ms` real,
	`total_ms` real NOT NULL,
	PRIMARY KEY(`battle_id`, `turn`, `generation`, `side`),
	FOREIGN KEY (`model_id`) REFERENCES `models`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`battle_id`,`turn`,`generation`) REFERENCES `battle_turns`(`battle_id`,`turn`,`generation`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "generated_answers_side_known" CHECK("generated_answers"."side" in ('a', 'b'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `generated_answers_id_unique` ON `generated_answers` (`id`);--> statement-breakpoint
CREATE TABLE `models` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`organization` text,
	`license` text,
	`endpoint` text,
	`weight` real NOT NULL,
	`price` text,
	`modalities` text NOT NULL,
	`sample` integer NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `models_name_unique` ON `models` (`name`);--> statement-breakpoint
CREATE TABLE `prepared_answers` (
	`id` text PRIMARY KEY NOT NULL,
	`prompt_id` text NOT NULL,
	`key` text NOT NULL,
	`model_id` text NOT NULL,
	`text` text NOT NULL,
	`identity_leaked` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`prompt_id`) REFERENCES `prompts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`model_id`) REFERENCES `models`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `prepared_answers_prompt_key_unique` ON `prepared_answers` (`prompt_id`,`key`);--> statement-breakpoint
CREATE TABLE `prompts` (
	`id` text PRIMARY KEY NOT NULL,
	`arena` text NOT NULL,
	`key` text NOT NULL,
	`text` text NOT NULL,
	`language` text NOT NULL,
	`categories` text NOT NULL,
	`source` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `prompts_arena_key_unique` ON `prompts` (`arena`,`key`);--> statement-breakpoint
CREATE TABLE `vote_log` (
	`position` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`battle_id` text NOT NULL,
	`voter_id` text NOT NULL,
	`revision` integer NOT NULL,
	`arena` text NOT NULL,
	`model_a` text NOT NULL,
	`model_b` text NOT NULL,
	`turn` integer NOT NULL,
	`generation` integer NOT NULL,
	`outcome` text NOT NULL,
	`mark` text,
	`supersedes` text,
	`language` text NOT NULL,
	`categories` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`battle_id`) REFERENCES `battles`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "vote_log_outcome_known" CHECK("vote_log"."outcome" in ('a', 'b', 'tie', 'both_bad')),
	CONSTRAINT "vote_log_mark_known" CHECK("vote_log"."mark" in ('identity-leaked', 'revealed')),
	CONSTRAINT "vote_log_kind_known" CHECK(("vote_log"."kind" = 'withdrawal') = ("vote_log"."supersedes" is not null)),
	CONSTRAINT "vote_log_revision_counts" CHECK("vote_log"."revision" >= 1)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `vote_log_id_unique` ON `vote_log` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `vote_log_revision_unique` ON `vote_log` (`battle_id`,`voter_id`,`revision`);--> statement-breakpoint
CREATE INDEX `vote_log_voter_index` ON `vote_log` (`voter_id`,`position`);--> statement-breakpoint
CREATE TABLE `voters` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `voters_token_hash_unique` ON `voters` (`token_hash`);