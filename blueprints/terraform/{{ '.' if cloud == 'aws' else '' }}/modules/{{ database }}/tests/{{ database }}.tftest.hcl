mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "111122223333"
    }
  }

  mock_data "aws_partition" {
    defaults = {
      partition = "aws"
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::111122223333:role/mock"
    }
  }

  mock_resource "aws_db_instance" {
    defaults = {
      address     = "acme-dev.mock.eu-west-1.rds.amazonaws.com"
      resource_id = "db-MOCK"
      master_user_secret = [{
        kms_key_id    = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
        secret_arn    = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-mock"
        secret_status = "active"
      }]
    }
  }
}

variables {
  name        = "acme-dev"
  vpc_id      = "vpc-00000000000000000"
  subnet_ids  = ["subnet-00000000000000001", "subnet-00000000000000002"]
  kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"

  client_security_group_ids = {
    app = "sg-00000000000000001"
  }
}

run "keeps_data_private_and_encrypted" {
  command = plan

  assert {
    condition     = aws_db_instance.this.storage_encrypted && aws_db_instance.this.kms_key_id == var.kms_key_arn && aws_db_instance.this.performance_insights_kms_key_id == var.kms_key_arn
    error_message = "Storage and metrics have to be encrypted with the key."
  }

  assert {
    condition     = !aws_db_instance.this.publicly_accessible
    error_message = "The database must not have a public address."
  }

  assert {
    condition     = aws_db_instance.this.manage_master_user_password && aws_db_instance.this.password == null && aws_db_instance.this.master_user_secret_kms_key_id == var.kms_key_arn
    error_message = "RDS has to keep the master password; Terraform must never see it."
  }

  assert {
    condition     = contains([for p in aws_db_parameter_group.this.parameter : "${p.name}=${p.value}"], "rds.force_ssl=1")
    error_message = "Connections without TLS have to be refused."
  }

  assert {
    condition     = aws_db_instance.this.iam_database_authentication_enabled
    error_message = "Applications have to be able to sign in with IAM."
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.kms_key_arn && group.retention_in_days == 365])
    error_message = "Logs have to be encrypted with the key and kept for a year."
  }
}

run "is_safe_by_default" {
  command = plan

  assert {
    condition     = aws_db_instance.this.multi_az && aws_db_instance.this.deletion_protection && aws_db_instance.this.backup_retention_period == 30
    error_message = "Standby, protection and a month of backups have to be there unless they are declined."
  }

  assert {
    condition     = !aws_db_instance.this.skip_final_snapshot && aws_db_instance.this.final_snapshot_identifier == "acme-dev-final"
    error_message = "A deletion has to leave a snapshot."
  }

  assert {
    condition     = aws_db_instance.this.performance_insights_enabled && aws_db_instance.this.monitoring_interval == 60
    error_message = "Queries and operating system have to be observed."
  }
}

run "opens_the_way_at_both_ends" {
  command = apply

  assert {
    condition     = aws_vpc_security_group_ingress_rule.client["app"].security_group_id == aws_security_group.this.id && aws_vpc_security_group_ingress_rule.client["app"].referenced_security_group_id == "sg-00000000000000001"
    error_message = "The database has to let its client in."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.client["app"].security_group_id == "sg-00000000000000001" && aws_vpc_security_group_egress_rule.client["app"].referenced_security_group_id == aws_security_group.this.id
    error_message = "The client has to be let out to the database."
  }

  assert {
    condition     = output.endpoint == "acme-dev.mock.eu-west-1.rds.amazonaws.com" && output.port == 5432 && output.database_name == "app"
    error_message = "An application has to learn host, port and database."
  }

  assert {
    condition     = output.master_user_secret_arn == "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-mock" && output.resource_id == "db-MOCK" && output.security_group_id == aws_security_group.this.id
    error_message = "Secret, resource ID and security group have to be handed out."
  }
}

run "takes_its_parameters_from_the_major_version" {
  command = plan

  variables {
    engine_version        = "16.10"
    max_allocated_storage = 0
  }

  assert {
    condition     = aws_db_parameter_group.this.family == "postgres16" && aws_db_instance.this.engine_version == "16.10"
    error_message = "The parameter group has to belong to the major version."
  }
}

run "rejects_growth_below_the_start" {
  command = plan

  variables {
    allocated_storage     = 100
    max_allocated_storage = 50
  }

  expect_failures = [var.max_allocated_storage]
}

run "rejects_other_bad_values" {
  command = plan

  variables {
    name                  = "acme--dev"
    subnet_ids            = ["subnet-00000000000000001"]
    kms_key_arn           = "alias/acme-dev"
    engine_version        = "9.6"
    instance_class        = "t4g.medium"
    allocated_storage     = 10
    backup_retention_days = 1
    database_name         = "postgres"
    log_retention_days    = 2
  }

  expect_failures = [
    var.name,
    var.subnet_ids,
    var.kms_key_arn,
    var.engine_version,
    var.instance_class,
    var.allocated_storage,
    var.backup_retention_days,
    var.database_name,
    var.log_retention_days,
  ]
}
