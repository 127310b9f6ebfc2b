CREATE TABLE "abandoned_draws" (
	"battle_id" text COLLATE "C" NOT NULL,
	"turn" integer NOT NULL,
	"side" text NOT NULL,
	"model_id" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"reason" text NOT NULL,
	"attempts" integer NOT NULL,
	CONSTRAINT "abandoned_draws_pk" PRIMARY KEY("battle_id","turn","side","model_id","at"),
	CONSTRAINT "abandoned_draws_side_known" CHECK ("abandoned_draws"."side" in ('a', 'b'))
);
--> statement-breakpoint
CREATE TABLE "battle_turns" (
	"battle_id" text COLLATE "C" NOT NULL,
	"turn" integer NOT NULL,
	"generation" integer NOT NULL,
	"prompt" text NOT NULL,
	"status" text NOT NULL,
	"failure" text,
	"node_id" text NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint,
	CONSTRAINT "battle_turns_pk" PRIMARY KEY("battle_id","turn","generation"),
	CONSTRAINT "battle_turns_status_known" CHECK ("battle_turns"."status" in ('streaming', 'ready', 'failed', 'interrupted'))
);
--> statement-breakpoint
CREATE TABLE "battles" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"arena" text COLLATE "C" NOT NULL,
	"kind" text NOT NULL,
	"voter_id" text COLLATE "C" NOT NULL,
	"model_a" text COLLATE "C" NOT NULL,
	"model_b" text COLLATE "C" NOT NULL,
	"status" text NOT NULL,
	"language" text NOT NULL,
	"categories" jsonb NOT NULL,
	"identity_leaked" boolean NOT NULL,
	"turn" integer NOT NULL,
	"generation" integer NOT NULL,
	"node_id" text NOT NULL,
	"prompt_id" text COLLATE "C",
	"answer_a" text COLLATE "C",
	"answer_b" text COLLATE "C",
	"created_at" bigint NOT NULL,
	CONSTRAINT "battles_status_known" CHECK ("battles"."status" in ('streaming', 'ready', 'failed', 'interrupted')),
	CONSTRAINT "battles_two_models" CHECK ("battles"."model_a" <> "battles"."model_b")
);
--> statement-breakpoint
CREATE TABLE "generated_answers" (
	"battle_id" text COLLATE "C" NOT NULL,
	"turn" integer NOT NULL,
	"generation" integer NOT NULL,
	"side" text NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"model_id" text COLLATE "C" NOT NULL,
	"text" text NOT NULL,
	"reasoning" text NOT NULL,
	"finish" text NOT NULL,
	"prompt_tokens" integer,
	"completion_tokens" integer,
	"first_token_ms" double precision,
	"total_ms" double precision NOT NULL,
	CONSTRAINT "generated_answers_pk" PRIMARY KEY("battle_id","turn","generation","side"),
	CONSTRAINT "generated_answers_id_unique" UNIQUE("id"),
	CONSTRAINT "generated_answers_side_known" CHECK ("generated_answers"."side" in ('a', 'b'))
);
--> statement-breakpoint
CREATE TABLE "models" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"organization" text,
	"license" text,
	"endpoint" jsonb,
	"weight" double precision NOT NULL,
	"price" jsonb,
	"modalities" jsonb NOT NULL,
	"sample" boolean NOT NULL,
	"status" text NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "models_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "prepared_answers" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"prompt_id" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"model_id" text COLLATE "C" NOT NULL,
	"text" text NOT NULL,
	"identity_leaked" boolean NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "prompts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"arena" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"text" text NOT NULL,
	"language" text NOT NULL,
	"categories" jsonb NOT NULL,
	"source" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vote_log" (
	"position" bigserial PRIMARY KEY NOT NULL,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"kind" text NOT NULL,
	"battle_id" text COLLATE "C" NOT NULL,
	"voter_id" text COLLATE "C" NOT NULL,
	"revision" integer NOT NULL,
	"arena" text COLLATE "C" NOT NULL,
	"model_a" text COLLATE "C" NOT NULL,
	"model_b" text COLLATE "C" NOT NULL,
	"turn" integer NOT NULL,
	"generation" integer NOT NULL,
	"outcome" text NOT NULL,
	"mark" text,
	"supersedes" text COLLATE "C",
	"language" text NOT NULL,
	"categories" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "vote_log_id_unique" UNIQUE("id"),
	CONSTRAINT "vote_log_outcome_known" CHECK ("vote_log"."outcome" in ('a', 'b', 'tie', 'both_bad')),
	CONSTRAINT "vote_log_mark_known" CHECK ("vote_log"."mark" in ('identity-leaked', 'revealed')),
	CONSTRAINT "vote_log_kind_known" CHECK (("vote_log"."kind" = 'withdrawal') = ("vote_log"."supersedes" is not null)),
	CONSTRAINT "vote_log_revision_counts" CHECK ("vote_log"."revision" >= 1)
);
--> statement-breakpoint
CREATE TABLE "voters" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"token_hash" text COLLATE "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "voters_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "abandoned_draws" ADD CONSTRAINT "abandoned_draws_battle_id_battles_id_fk" FOREIGN KEY ("battle_id") REFERENCES "public"."battles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "abandoned_draws" ADD CONSTRAINT "abandoned_draws_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "battle_turns" ADD CONSTRAINT "battle_turns_battle_id_battles_id_fk" FOREIGN KEY ("battle_id") REFERENCES "public"."battles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "battles" ADD CONSTRAINT "battles_voter_id_voters_id_fk" FOREIGN KEY ("voter_id") REFERENCES "public"."voters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "battles" ADD CONSTRAINT "battles_model_a_models_id_fk" FOREIGN KEY ("model_a") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "battles" ADD CONSTRAINT "battles_model_b_models_id_fk" FOREIGN KEY ("model_b") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "battles" ADD CONSTRAINT "battles_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "battles" ADD CONSTRAINT "battles_answer_a_prepared_answers_id_fk" FOREIGN KEY ("answer_a") REFERENCES "public"."prepared_answers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "battles" ADD CONSTRAINT "battles_answer_b_prepared_answers_id_fk" FOREIGN KEY ("answer_b") REFERENCES "public"."prepared_answers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "generated_answers" ADD CONSTRAINT "generated_answers_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "generated_answers" ADD CONSTRAINT "generated_answers_turn_fk" FOREIGN KEY ("battle_id","turn","generation") REFERENCES "public"."battle_turns"("battle_id","turn","generation") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prepared_answers" ADD CONSTRAINT "prepared_answers_prompt_id_prompts_id_fk" FOREIGN KEY ("prompt_id") REFERENCES "public"."prompts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prepared_answers" ADD CONSTRAINT "prepared_answers_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "vote_log" ADD CONSTRAINT "vote_log_battle_id_battles_id_fk" FOREIGN KEY ("battle_id") REFERENCES "public"."battles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "battles_voter_created_index" ON "battles" USING btree ("voter_id","created_at");--> statement-breakpoint
CREATE INDEX "battles_streaming_index" ON "battles" USING btree ("node_id") WHERE "battles"."status" = 'streaming';--> statement-breakpoint
CREATE UNIQUE INDEX "prepared_answers_prompt_key_unique" ON "prepared_answers" USING btree ("prompt_id","key");--> statement-breakpoint
CREATE UNIQUE INDEX "prompts_arena_key_unique" ON "prompts" USING btree ("arena","key");--> statement-breakpoint
CREATE UNIQUE INDEX "vote_log_revision_unique" ON "vote_log" USING btree ("battle_id","voter_id","revision");--> statement-breakpoint
CREATE INDEX "vote_log_voter_index" ON "vote_log" USING btree ("voter_id","position");--> statement-breakpoint
CREATE INDEX "vote_log_order_index" ON "vote_log" USING btree ("xid","position");